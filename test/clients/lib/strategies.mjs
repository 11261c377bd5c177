// The four ways to validate a bearer token: the same tests must pass under each of them.
export const strategies = [
  { name: 'introspection', set: { 'validation.strategy': 'introspection' } },
  { name: 'userinfo', set: { 'validation.strategy': 'userinfo' } },
  { name: 'jwt', set: { 'validation.strategy': 'jwt', 'tokens.format': 'jwt' } },
  { name: 'local', set: { 'validation.strategy': 'local' } },
];
