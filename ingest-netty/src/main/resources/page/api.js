// The server's answers, asked with the key of this session where one is needed.

const KEY = 'metricstream.key';

const NOBODY = Symbol('nobody has declined');

let keyDialog = () => Promise.resolve(null);
let onKey = () => {};
let asked = null;
/** The key in use when the person would give no other. */
let declined = NOBODY;
/** The key where the browser stores nothing for this page. */
let unstored = null;

/** An answer that is no success, or none at all (status 0). */
export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * Sets what asks the person for a key: given why the one before was refused, or null, it promises the key, or null; and who hears
 * of another key.
 */
export function askKeysWith(dialog, changed) {
  keyDialog = dialog;
  onKey = changed;
}

/** Lets the person be asked again who has declined before. */
export function askAgain() {
  declined = NOBODY;
}

export function key() {
  try {
    return sessionStorage.getItem(KEY) ?? unstored;
  } catch {
    return unstored;
  }
}

export function setKey(value) {
  unstored = value;
  askAgain();
  try {
    if (value === null) {
      sessionStorage.removeItem(KEY);
    } else {
      sessionStorage.setItem(KEY, value);
    }
  } catch {
    // It holds for this page, then.
  }
  onKey();
}

/** One question at a time, however many calls were refused together. */
async function obtainKey(why) {
  asked ??= keyDialog(why);
  try {
    return await asked;
  } finally {
    asked = null;
  }
}

/** Fetches; asks for a key as long as one is wanted and given. */
async function ask(path, options) {
  for (;;) {
    const used = key();
    const headers = { ...options.headers, ...(used === null ? {} : { Authorization: `Bearer ${used}` }) };
    let answer;
    try {
      answer = await fetch(path, { ...options, headers });
    } catch (failure) {
      if (failure.name === 'AbortError') {
        throw failure;
      }
      throw new ApiError(0, 'The server cannot be reached.');
    }
    if (answer.status !== 401 && answer.status !== 403) {
      return answer;
    }
    const why = await errorText(answer);
    // Another call may have been given a key meanwhile.
    if (key() === used) {
      const given = declined === used ? null : await obtainKey(used === null ? null : why);
      if (given === null) {
        declined = used;
        throw new ApiError(answer.status, why);
      }
      setKey(given);
    }
  }
}

async function errorText(answer) {
  try {
    return (await answer.json()).error ?? `The server answered ${answer.status}.`;
  } catch {
    return `The server answered ${answer.status}.`;
  }
}

/** A call under /api/v1 with parameters; gives the whole envelope: data, warnings, infos. */
export async function call(name, parameters = {}, signal = undefined) {
  const body = new URLSearchParams();
  for (const [parameter, value] of Object.entries(parameters)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      body.append(parameter, one);
    }
  }
  // A form has room for expressions that are too long for an address.
  const form = name.startsWith('query') || name.startsWith('parse') || name.startsWith('format');
  const query = body.size > 0 && !form ? `?${body}` : '';
  const answer = await ask(`api/v1/${name}${query}`, form ? { method: 'POST', body, signal } : { signal });
  if (!answer.ok) {
    throw new ApiError(answer.status, await errorText(answer));
  }
  return answer.json();
}

/** A path outside the API: its status and its text. */
export async function text(path, accept, signal = undefined) {
  const answer = await ask(path, { headers: { Accept: accept }, signal });
  return { status: answer.status, body: await answer.text() };
}
