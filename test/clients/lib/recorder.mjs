// A fetch that remembers what was asked and answered, for assertions about the sequence.
export function recorder(real = fetch) {
  const calls = [];
  const recording_fetch = async (url, init = {}) => {
    const answer = await real(url, init);
    const { pathname } = new URL(url);
    const body = typeof init.body === 'string' ? init.body : (init.body?.toString() ?? '');
    calls.push({
      line: `${init.method ?? 'GET'} ${pathname} ${answer.status}`,
      url: String(url),
      body,
      session: new Headers(init.headers).get('mcp-session-id'),
      last_event_id: new Headers(init.headers).get('last-event-id'),
    });
    return answer;
  };
  return {
    fetch: recording_fetch,
    calls,
    lines: () => calls.map((call) => call.line),
    refreshes: () => calls.filter((call) => call.body.includes('grant_type=refresh_token')).length,
    clear: () => (calls.length = 0),
  };
}
