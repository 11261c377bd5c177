// Token requests without a person: client credentials, workload identity, enterprise-managed authorization.
import { client_assertion } from './keys.mjs';
import { refusal } from './discovery.mjs';

const jwt_bearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const basic = (id, secret) => ({ authorization: `Basic ${btoa(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`)}` });

async function post(url, form, headers = {}) {
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(form), headers });
  const body = await answer.json();
  if (!answer.ok) throw Object.assign(new refusal(`no token: ${body.error}`), { code: body.error });
  return body;
}

async function client_credentials({ server, context, mistakes, resource }) {
  const form = { grant_type: mistakes.other_grant ? 'authorization_code' : 'client_credentials', ...(resource && { resource }) };
  if (context.private_key_pem) {
    const audience = mistakes.wrong_audience ? 'https://wrong.example' : server.issuer;
    const id = mistakes.wrong_subject ? 'somebody-else' : context.client_id;
    return post(server.token_endpoint, {
      ...form,
      client_id: context.client_id,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: client_assertion(id, audience, context.private_key_pem),
    });
  }
  const secret = mistakes.wrong_secret ? 'not the secret' : context.client_secret;
  if (mistakes.secret_in_body) return post(server.token_endpoint, { ...form, client_id: context.client_id, client_secret: secret });
  return post(server.token_endpoint, form, basic(context.client_id, secret));
}

async function workload({ server, context, mistakes, resource }) {
  const assertion = mistakes.expired_assertion
    ? context.expired_jwt
    : mistakes.wrong_audience
      ? context.wrong_audience_jwt
      : mistakes.malformed_assertion
        ? `${context.valid_jwt.slice(0, -8)}AAAAAAAA`
        : context.valid_jwt;
  const form = { grant_type: jwt_bearer, client_id: context.client_id, ...(resource && { resource }), assertion };
  if (mistakes.no_assertion) delete form.assertion;
  if (mistakes.other_grant) form.grant_type = 'client_credentials';
  if (mistakes.rejected_scope) form.scope = 'wif.rejected';
  if (mistakes.unauthorized_scope) form.scope = 'wif.trigger-unauthorized';
  try {
    return await post(server.token_endpoint, form);
  } catch (error) {
    if (mistakes.tries_again) await post(server.token_endpoint, form).catch(() => {});
    if (mistakes.falls_back) await post(server.token_endpoint, { ...form, grant_type: 'client_credentials' }).catch(() => {});
    throw error;
  }
}

async function enterprise({ server, context, mistakes, resource }) {
  const exchange = (subject_token) => post(context.idp_token_endpoint, {
    grant_type: mistakes.other_grant ? 'authorization_code' : 'urn:ietf:params:oauth:grant-type:token-exchange',
    requested_token_type: 'urn:ietf:params:oauth:token-type:id-jag',
    audience: server.issuer,
    ...(mistakes.no_resource ? {} : { resource }),
    subject_token,
    subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
    client_id: context.idp_client_id,
  });
  let exchanged = await exchange(mistakes.malformed_assertion ? `${context.idp_id_token.slice(0, -8)}AAAAAAAA` : context.idp_id_token);
  if (mistakes.jag_as_id_token) exchanged = await exchange(exchanged.access_token);
  const form = { grant_type: jwt_bearer, assertion: exchanged.access_token };
  if (mistakes.no_assertion) form.assertion = context.idp_id_token;
  if (mistakes.secret_in_body) return post(server.token_endpoint, { ...form, client_id: context.client_id, client_secret: context.client_secret });
  return post(server.token_endpoint, form, basic(context.client_id, mistakes.wrong_secret ? 'not the secret' : context.client_secret));
}

// The grant of a scenario; nothing where a person logs in.
export const grant_of = (scenario) =>
  ({
    'auth/client-credentials-jwt': client_credentials,
    'auth/client-credentials-basic': client_credentials,
    'auth/wif-jwt-bearer': workload,
    'auth/enterprise-managed-authorization': enterprise,
  })[scenario];
