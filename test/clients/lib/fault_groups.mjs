// The groups of the catalogue of faults: how their pages are called, which ids they have, and what a person looks for in
// a client that meets them.
export const groups = [
  ['resource-metadata', ['PRM'], 'The first 401 and the resource metadata', `Before a client logs in anywhere it asks the MCP server who may issue tokens for it: the *protected resource metadata*. Look whether your client finds them where the challenge says, and then at the well-known addresses; whether it believes them only when their \`resource\` is the URL that you gave it; and whether it ends with a sentence, not with a hang, when they are broken.`],
  ['challenge', ['CHL'], 'The challenge', `A 401 carries a *challenge* in the header \`WWW-Authenticate\`. Look whether your client reads it whatever the spelling (capitals, several challenges, parameters in another order), and goes on by the well-known addresses when it says nothing.`],
  ['server-metadata', ['ASM'], 'The metadata of the login server', `They name the endpoints of the authorization server and what it can do. Look whether your client tries the addresses in the order of the standard, compares the \`issuer\`, refuses endpoints that lead elsewhere or run code, and insists on PKCE.`],
  ['registration', ['REG'], 'Registration', `A client has to be known to the authorization server: it registers itself, names a document, or is registered by hand. Look whether it registers once and keeps what it got, starts over when the server has forgotten it, and tells a person what to do when it cannot register.`],
  ['login', ['AUT'], 'The answer of the login page', `The browser comes back with a code, or with an error. Look whether your client compares \`state\` and \`iss\`, tells an error that a person understands, does not ask again and again, and ends when nobody comes back.`],
  ['token', ['TOK'], 'The token endpoint', `Here a code becomes a token. Look whether your client takes what the standard allows (token types in any case, no \`expires_in\`, more members), refuses what it does not, tries again after a 503 or a 429 when it was told to, and never shows the token.`],
  ['refresh', ['REF'], 'Refreshing', `A refresh token gets the next access token without a person. Look whether your client keeps the newest one, refreshes once although many calls need it, keeps it through an outage, and sends the person to the login only when it is really dead.`],
  ['revocation', ['RVK', 'INT', 'UIN'], 'Revocation, introspection, userinfo', `The MCP server asks elsewhere whether a token is good. Look whether your client tells "nobody could tell" (503: wait) from "this token is dead" (401: refresh or log in), and ends its own session properly.`],
  ['resource-server', ['RS'], 'Tokens at the MCP server', `What happens to a token while it is used. Look whether a 401 leads to one refresh and one more try, whether a 403 with \`insufficient_scope\` leads to one login for that scope, and whether there is an end to it.`],
  ['keys', ['KEY'], 'Keys and JWTs', `Keys are replaced, and tokens are signed wrongly. A client that verifies ID tokens, or a server that verifies access tokens, fetches keys again when it meets an unknown one, and takes nothing that is unsigned, too old, or for somebody else.`],
  ['sessions', ['SES', 'STR'], 'Sessions and streams', `Streamable HTTP has sessions that a server may forget and streams that may break. Look whether your client begins a new session after a 404, resumes a stream by the last event that it saw, and does not hang when an answer never comes.`],
  ['sse', ['SSE'], 'HTTP with SSE', `The transport of 2024-11-05. Look whether your client waits for the \`endpoint\` event, refuses one that leads to another origin, and connects again.`],
  ['protocol', ['PRO'], 'The protocol', `Revisions, tools, pages and JSON-RPC. Look whether your client keeps to the revision that was agreed on, sends the headers of its time, copes with tools that it does not understand, and ends a list that never ends.`],
  ['network', ['NET'], 'Connections', `Slow, broken and strange answers, at any endpoint. Look whether your client has a limit for each wait, tries again where nothing can be lost, and says what happened.`],
  ['tls', ['TLS'], 'TLS', `Certificates and handshakes that are wrong. Look whether your client refuses them all, and says why.`],
  ['broker', ['BRK'], 'In front of a provider', `tollgate stands between your client and a provider that fails. Look whether your client hears what the standard has for it, and neither retries for ever nor forgets the login.`],
];

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
const members = (parameters) => Object.keys(parameters).map((name) => `\`${name}\``).join(', ');

// { 'token.md': '# …' } of GET /control/catalogue.
export function fault_pages(faults) {
  const pages = {};
  for (const [name, ids, title, looking] of groups) {
    const rows = faults.filter(({ id }) => ids.includes(id?.split('-')[0]));
    const lines = rows.map((f) => `| \`${f.name}\` | ${f.id} | ${cell(f.what)} | ${cell(f.client ?? '')} | ${cell(f.clause)} | ${members(f.parameters)} |`);
    pages[`${name}.md`] = [
      `# ${title}`,
      '',
      'Made of the catalogue by `scripts/fault-pages`. How a fault is made: [break one thing, once](../faults.md).',
      '',
      looking,
      '',
      '| fault | id | what goes wrong | what a right client does | clause | `params` |',
      '|---|---|---|---|---|---|',
      ...lines,
      '',
    ].join('\n');
  }
  return pages;
}
