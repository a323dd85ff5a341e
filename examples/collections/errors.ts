import type { NextFunction, Request, Response } from 'express';
import { asApiError } from '../kit/api-error.ts';

/** How long a client that is still sending may take to read its refusal before the connection is cut. */
const LINGER_MS = 500;

/** Every error of the API has the shape that Keyhouse answers with too: the profile's. */
export function answerError(error: unknown, request: Request, response: Response, _next: NextFunction): void {
  const { status, message, problems } = asApiError(error);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (isStillSending(request)) closeAfter(request, response);
  response
    .status(status)
    .type('json')
    .json({ message, ...(problems.length > 0 && { errors: problems }) });
}

function isStillSending({ complete, headers }: Request): boolean {
  return !complete && (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0);
}

/**
 * What a refused client goes on sending is not taken. Closing at once would reset the connection, and the client might
 * never read its answer: the socket is closed for writing, left unread for a moment and only then destroyed.
 */
function closeAfter(request: Request, response: Response): void {
  const { socket } = request;
  response.set('Connection', 'close');
  // Node reads bodies that nobody has begun to read to their end; one that somebody has begun it leaves alone.
  request.read();
  socket.destroySoon = () => {
    socket.end();
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  };
}
