import type { z } from 'zod';
import type { Guarantee } from '../changes/index.ts';
import type { guaranteeSchema } from './schemas.ts';

export type GuaranteeWire = z.infer<typeof guaranteeSchema>;

export function guaranteeWire(guarantee: Guarantee): GuaranteeWire {
  return {
    class: guarantee.class,
    durability: guarantee.durability,
    epoch: guarantee.epoch,
    nodes_acknowledged: guarantee.nodesAcknowledged,
    nodes_waited_out: guarantee.nodesWaitedOut,
    milliseconds: guarantee.milliseconds,
  };
}
