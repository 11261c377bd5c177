// Where a client learns who issues tokens for an MCP server: resource metadata (RFC 9728), metadata of the
// authorization server (RFC 8414, OpenID Connect Discovery), and what a client of 2025-03-26 does without them.
export class refusal extends Error {}

export const parameter = (challenge, name) => new RegExp(`${name}\\s*=\\s*"([^"]*)"`, 'i').exec(challenge ?? '')?.[1];

async function json_at(url) {
  const answer = await fetch(url);
  if (answer.ok) return answer.json();
  await answer.body?.cancel();
  return undefined;
}

async function first_of(urls) {
  for (const url of urls) {
    const found = await json_at(url);
    if (found) return found;
  }
  return undefined;
}

const without_slash = (path) => (path === '/' ? '' : path.replace(/\/$/, ''));

// A resource is that of `url` when it is the URL or stands above it.
function covers(resource, url) {
  const [r, u] = [new URL(resource), new URL(url)];
  return r.origin === u.origin && (u.pathname === r.pathname || u.pathname.startsWith(`${without_slash(r.pathname)}/`));
}

export async function find_resource(url, challenge, mistakes) {
  const { origin, pathname } = new URL(url);
  const well_known = `${origin}/.well-known/oauth-protected-resource`;
  const named = parameter(challenge, 'resource_metadata');
  const guesses = [`${well_known}${without_slash(pathname)}`, well_known];
  if (mistakes.root_metadata_first) guesses.reverse();
  const found = await first_of(named && !mistakes.root_metadata_first ? [named] : guesses);
  if (!found) return undefined;
  if (!covers(found.resource, url) && !mistakes.ignores_resource_mismatch)
    throw new refusal('the metadata are about another resource');
  return found;
}

export async function find_server(issuer, mistakes) {
  const { origin, pathname } = new URL(issuer);
  const path = without_slash(pathname);
  const documents = ['oauth-authorization-server', 'openid-configuration'].map((name) => `${origin}/.well-known/${name}${path}`);
  if (path) documents.push(`${origin}${path}/.well-known/openid-configuration`);
  if (path && mistakes.root_server_first) documents.unshift(`${origin}/.well-known/oauth-authorization-server`);
  const found = await first_of(documents);
  if (!found) throw new refusal('no metadata of the authorization server');
  if (found.issuer !== issuer && !mistakes.ignores_issuer) throw new refusal('the metadata name another issuer');
  return found;
}

// MCP 2025-03-26: the origin of the MCP server is the issuer, and has default paths.
export async function old_server(url, mistakes) {
  const { origin } = new URL(url);
  const found = mistakes.default_paths_only ? undefined : await json_at(`${origin}/.well-known/oauth-authorization-server`);
  return (
    found ?? {
      issuer: origin,
      authorization_endpoint: `${origin}/authorize`,
      token_endpoint: `${origin}/token`,
      registration_endpoint: `${origin}/register`,
    }
  );
}
