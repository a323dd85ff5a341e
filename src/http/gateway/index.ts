/**
 * gateway: the route rules in front of one upstream. It owns what crosses from the one connection to the other: which header
 * fields go on, how bodies are framed, what happens when either side fails. It refuses to repair: what is judged is what is
 * sent on, byte for byte, and a request that could be read in two ways goes nowhere.
 */
export { createGateway, type Gateway, type GatewayOptions } from './gateway.ts';
