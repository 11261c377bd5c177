// Why tollgate judges otherwise than the suite, where it does.
const silent = (status) => !['SUCCESS', 'FAILURE', 'WARNING', 'pass', 'fail', 'warning'].includes(status);

// `others`: the other checks of the same client in the same scenario.
export const reasons = [
  {
    name: 'nobody came',
    text: 'Of a client that never sent a request tollgate says `not_tried`: no check is reached, and the scenario is no pass. The suite fails some checks, skips others and passes those about what must not happen.',
    of: ({ mistakes, ours }) => mistakes.never_comes && silent(ours),
  },
  {
    name: 'refused',
    text: 'tollgate refuses a wrong request as the standard demands (a login without PKCE, a secret at the wrong place, a foreign resource), so that the client does not come to what is behind it. The servers of the suite go on and judge that, too.',
    of: ({ suite, ours, unreached, others }) =>
      (silent(ours) || unreached) && !silent(suite) && others.some((o) => ['FAILURE', 'WARNING'].includes(o.suite) && ['fail', 'warning'].includes(o.ours)),
  },
  {
    name: 'kept on',
    text: 'A client that is refused tries again, and does wrong again on that way. The servers of the suite take what is wrong, so that they never see it.',
    of: ({ suite, ours, others }) =>
      suite === 'SUCCESS' && ours === 'fail' && others.some((o) => ['FAILURE', 'WARNING'].includes(o.suite) && ['fail', 'warning'].includes(o.ours)),
  },
  {
    name: 'nothing to skip',
    text: 'A check that a client left out is skipped by the suite; tollgate says that the client has not come so far, and that is no pass.',
    of: ({ suite, unreached }) => silent(suite) && unreached,
  },
];
export const reason_of = (row) => reasons.find(({ of }) => of(row));
