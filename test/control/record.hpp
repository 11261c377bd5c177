// Records events that tests hold as a whole, as the server records those that are under way.
#pragma once

#include "control/journal/event_draft.hpp"
#include "control/journal/journal.hpp"

namespace test {

inline tollgate::control::message_draft draft_of(tollgate::control::recorded_message const& m) {
    return {m.start, m.fields, m.body, m.body_size};
}

// The number of `e` does not count: the journal gives it the next.
inline tollgate::control::recorded_event record(tollgate::control::journal& to,
                                                tollgate::control::event const& e) {
    tollgate::control::exchange_draft exchange;
    if (auto const& x = e.exchange)
        exchange = {
            draft_of(x->request), draft_of(x->response), x->arrived, x->peer, x->streamed, x->how};
    tollgate::control::event_draft d;
    d.type = e.type;
    d.time = e.time;
    d.endpoint = e.endpoint;
    d.flow = e.flow;
    d.facts = &e.facts;
    d.of = e.of;
    d.outcome = e.outcome;
    d.stream_event = e.stream_event;
    d.stream_id = e.stream_id;
    d.stream_data = e.stream_data;
    if (e.exchange) d.exchange = &exchange;
    return to.record(d);
}

}  // namespace test
