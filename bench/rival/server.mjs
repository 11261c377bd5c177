// oidc-provider with what tollgate is measured at: opaque tokens, PKCE, a person who agrees to
// everything. Prints {"issuer": …} once it listens.
import http from 'node:http';

import Provider from 'oidc-provider';

const server = http.createServer();
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'service',
      client_secret: 'a-secret-of-the-bench',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    },
    {
      client_id: 'app',
      token_endpoint_auth_method: 'none',
      application_type: 'web', // a native one would be asked for consent each time
      grant_types: ['authorization_code'],
      redirect_uris: ['https://app.example/callback'],
      response_types: ['code'],
    },
  ],
  features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
  scopes: ['mcp:tools'],
  cookies: { keys: ['keys of the bench'] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  interactions: { url: (_, interaction) => `/person/${interaction.uid}` },
  async loadExistingGrant(ctx) {
    const { client, session } = ctx.oidc;
    const known = session.grantIdFor(client.clientId);
    if (known) return ctx.oidc.provider.Grant.find(known);
    const grant = new ctx.oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope('openid mcp:tools');
    await grant.save();
    return grant;
  },
});

// The one question that is ever asked: who are you? Answered at once; the session remembers it.
const answer = provider.callback();
server.on('request', (request, response) => {
  if (!request.url.startsWith('/person/')) return answer(request, response);
  return provider.interactionFinished(request, response, { login: { accountId: 'demo' } });
});
console.log(JSON.stringify({ issuer }));
