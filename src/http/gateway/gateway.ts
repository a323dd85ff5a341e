import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { ProfileInForce } from '../../authenticate/index.ts';
import { newRequestId } from '../../manage/index.ts';
import type { RenderedResponse } from '../../profile/index.ts';
import { FIELD_LINES_MAX } from '../../token/index.ts';
import { askedByRoute } from '../asked-by-route.ts';
import { isEncrypted, namesHost } from '../base-url.ts';
import { mergeHeaders, type Origins, tellBrowser } from '../cors.ts';
import { type Decided, type DoorParts, decideRequest, decisionHeaders, renderDecided } from '../decide-request.ts';
import { type Answer, type DoorRequest, headerValues } from '../door.ts';
import { renderFailure } from '../failure.ts';
import { type IdentityHeaders, plainName } from '../identity-headers.ts';
import { doorRequestOf, sendAnswer } from '../node-door.ts';
import { originForm } from '../origin-form.ts';
import { passedIdentity } from '../signed-identity.ts';
import { fieldsBack } from './fields-back.ts';
import { fieldsOnward } from './fields-onward.ts';
import { forward, type Patience } from './forward.ts';
import { type Framing, framingOf } from './framing.ts';
import { type GatewayFailure, renderGatewayFailure } from './gateway-failure.ts';
import { openUpstream, type Upstream } from './upstream.ts';

export interface GatewayOptions {
  /** Origin of the upstream: scheme, host and port. */
  readonly upstream: URL;
  /** Further fields that may carry the bare token, such as `x-api-key`; lower case. */
  readonly keyHeaders: readonly string[];
  /** Sends the token on, for an upstream that has another use for it. */
  readonly forwardsToken: boolean;
  /** Calls the upstream what the client called us, instead of by its own name. */
  readonly keepsHost: boolean;
  readonly patience: Patience;
}

/** The route rules in force, in front of one upstream. */
export interface Gateway {
  /** A listener's handler; `asksForBodies` is for clients that wait to be asked (`Expect: 100-continue`). */
  door(isDraining: () => boolean): (asksForBodies: boolean) => RequestListener;
  /** Lets go of the connections to the upstream. */
  close(): void;
}

export function createGateway(parts: DoorParts, options: GatewayOptions): Gateway {
  const upstream = openUpstream(options.upstream);
  return {
    door: (isDraining) => (asksForBodies) => (incoming, outgoing) => {
      const passage = new Passage(parts, options, upstream, { incoming, outgoing, asksForBodies, isDraining });
      void passage.pass();
    },
    close: () => upstream.close(),
  };
}

interface Arrival {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly asksForBodies: boolean;
  readonly isDraining: () => boolean;
}

/** One request on its way through. */
class Passage {
  readonly #parts: DoorParts;
  readonly #options: GatewayOptions;
  readonly #upstream: Upstream;
  readonly #arrival: Arrival;
  readonly #requestId: string;

  constructor(parts: DoorParts, options: GatewayOptions, upstream: Upstream, arrival: Arrival) {
    this.#parts = parts;
    this.#options = options;
    this.#upstream = upstream;
    this.#arrival = arrival;
    this.#requestId = newRequestId(parts.engine);
  }

  /** Every failure is an answer; nothing of the body is read before the decision. */
  async pass(): Promise<void> {
    const { incoming, outgoing } = this.#arrival;
    outgoing.on('error', () => {});
    try {
      const { rawHeaders, httpVersion } = incoming;
      const target = originForm(incoming.url ?? '', headerValues(rawHeaders, 'host'));
      const framing = framingOf(rawHeaders, httpVersion);
      if (rawHeaders.length > FIELD_LINES_MAX * 2) return this.#fail('too_many_headers');
      if (target === null || framing === null || !isHostPlain(rawHeaders)) return this.#fail('unreadable_request');
      if (namesAnotherMethod(rawHeaders)) return this.#fail('method_override');
      const request = doorRequestOf(incoming, target);
      const browser = tellBrowser(this.#origins, request, { headers: this.#options.keyHeaders });
      if (browser.isPreflight) return this.#answer({ status: 204, headers: browser.headers, body: null });
      const decided = await this.#decide(request);
      if (outgoing.destroyed || incoming.socket.destroyed) return;
      if (!decided.decision.allowed) return this.#refuse(renderDecided(this.#parts.engine, decided));
      if (asksForWebSocket(rawHeaders)) return this.#fail('upgrade_not_offered');
      const passed = passedIdentity(this.#parts, decided);
      const identity = passed instanceof Promise ? await passed : passed;
      if (outgoing.destroyed || incoming.socket.destroyed) return;
      this.#forward(request, framing, decided, identity);
    } catch (error) {
      this.#parts.log.fault(error, { requestId: this.#requestId, operation: 'gateway' });
      this.#refuse(renderFailure(this.#inForce.profile, error, this.#requestId, false));
    }
  }

  get #inForce(): ProfileInForce {
    return this.#parts.engine.authenticator.profile;
  }

  get #origins(): Origins {
    return this.#inForce.profile.cors.origins;
  }

  /** Taking the decision may tell of a newer profile, whose rules may ask for more. That is rare, and costs another count. */
  async #decide(request: DoorRequest): Promise<Decided> {
    for (;;) {
      const inForce = this.#inForce;
      const asked = askedByRoute(inForce, request, this.#options.keyHeaders, 'gateway');
      const decided = await decideRequest(this.#parts, request, asked, this.#requestId);
      if (this.#inForce === inForce) return decided;
    }
  }

  #forward(request: DoorRequest, framing: Framing, decided: Decided, identity: IdentityHeaders): void {
    const { engine, trust } = this.#parts;
    const { keyHeaders, forwardsToken, keepsHost, patience } = this.#options;
    const { incoming, outgoing, asksForBodies, isDraining } = this.#arrival;
    const [host = null] = headerValues(request.rawHeaders, 'host');
    const fields = fieldsOnward({
      method: request.method,
      rawHeaders: request.rawHeaders,
      framing,
      host,
      upstreamHost: keepsHost ? (host ?? this.#upstream.host) : this.#upstream.host,
      isEncrypted: isEncrypted(request, trust),
      ip: decided.question.ip,
      identity,
      tokenFields: forwardsToken ? [] : ['authorization', ...keyHeaders],
      addressField: trust.header,
    });
    const ours = this.#withOurs(request, decisionHeaders(engine, decided));
    forward({
      incoming,
      outgoing,
      isWaiting: asksForBodies,
      onward: this.#upstream.request(request.method, request.target, fields),
      hasBody: request.body !== null,
      patience,
      fieldsFor: ({ statusCode = 502, rawHeaders }) => {
        const takesTrailers = incoming.httpVersion === '1.1' && request.method !== 'HEAD';
        const back = fieldsBack({ status: statusCode, rawHeaders, ours, origins: this.#origins, takesTrailers });
        // What the client still sends is not waited for: its connection ends with the answer.
        const closes = isDraining() || (request.body !== null && !incoming.complete);
        return closes ? [...back, 'Connection', 'close'] : back;
      },
      failed: (code, cause) => {
        this.#parts.log.fault(cause, { requestId: this.#requestId, operation: 'gateway' });
        this.#fail(code);
      },
    });
  }

  #fail(code: GatewayFailure): void {
    this.#refuse(renderGatewayFailure(this.#inForce.profile, code, this.#requestId));
  }

  #refuse({ status, headers, body }: RenderedResponse): void {
    const { rawHeaders, method = 'GET' } = this.#arrival.incoming;
    this.#answer({ status, headers: this.#withOurs({ rawHeaders, method }, headers), body: JSON.stringify(body) });
  }

  #answer(answer: Answer): void {
    const { incoming, outgoing, isDraining } = this.#arrival;
    const headers = { ...answer.headers, 'X-Request-Id': this.#requestId };
    sendAnswer(incoming, outgoing, { ...answer, headers }, isDraining());
  }

  #withOurs(request: Pick<DoorRequest, 'method' | 'rawHeaders'>, headers: Readonly<Record<string, string>>) {
    const browser = tellBrowser(this.#origins, request, {});
    return { ...mergeHeaders(headers, browser.headers), 'X-Request-Id': this.#requestId };
  }
}

/** A host that every reader takes for the same, or none at all (HTTP/1.0). */
function isHostPlain(rawHeaders: readonly string[]): boolean {
  return headerValues(rawHeaders, 'host').every(namesHost);
}

/** To a framework that obeys it, a POST that was judged is the DELETE that it names (threats row 40). */
function namesAnotherMethod(rawHeaders: readonly string[]): boolean {
  return rawHeaders.some((name, at) => at % 2 === 0 && METHOD_FIELDS.has(plainName(name)));
}

const METHOD_FIELDS: ReadonlySet<string> = new Set(['x-http-method-override', 'x-http-method', 'x-method-override']);

/** Other protocols are left unanswered, as HTTP allows: clients offer HTTP/2 that way and go on without (RFC 9110 section 7.8). */
function asksForWebSocket(rawHeaders: readonly string[]): boolean {
  return headerValues(rawHeaders, 'upgrade').some((value) => /(?:^|,)\s*websocket\s*(?:[,/]|$)/i.test(value));
}
