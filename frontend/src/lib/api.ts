/** Requests to the API: one error shape, ETags for what two people may change at once. */

export interface Problem {
  status: number;
  code: string;
  what: string;
  where: string;
  do: string;
  changed?: unknown;
}

export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super([problem.what, problem.do].filter(Boolean).join(" "));
  }
}

const BASE = "/api/v1";

async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(BASE + path, {
      method,
      headers: body === undefined ? headers : { "content-type": "application/json", ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new ApiError({ status: 0, code: "network", what: "The server does not answer.", where: "", do: "Is histor serve still running?" });
  }
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => null);
  const error = told?.error ?? { code: "http", what: answer.statusText, where: "", do: "" };
  throw new ApiError({ status: answer.status, ...error });
}

export async function get<T>(path: string): Promise<T> {
  return (await ask("GET", path)).json();
}

export async function send<T>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<T | null> {
  const answer = await ask(method, path, body, headers);
  return answer.status === 204 ? null : answer.json();
}

export interface Decided {
  decision: { id: string; action: string; subject: string };
  tag: string;
}

/** Decide on a subject as it was when `tag` was read; refused (412) if somebody was quicker. */
export function decide(
  action: string,
  subject: string,
  payload: unknown,
  reason: string | null,
  tag?: string,
  seconds?: number,
): Promise<Decided | null> {
  return send<Decided>("POST", "/decisions", { action, subject, payload, reason, seconds }, tag ? { "if-match": `"${tag}"` } : {});
}
