// Verdicts and findings for the tests of reports.
#pragma once

#include <string>

#include "control/verdict/verdict.hpp"

namespace test {

inline tollgate::control::verdict verdict_of(tollgate::control::verdict_word word) {
    tollgate::control::verdict v;
    v.realm = "r";
    v.scenario = "refresh.once";
    v.word = word;
    v.client = tollgate::control::client_state::done;
    return v;
}

inline tollgate::control::finding bad_finding() {
    tollgate::control::finding f;
    f.id = "code.once";
    f.status = tollgate::control::finding_status::fail;
    f.text = "A code was used a second time.";
    f.clause = "RFC 6749 §4.1.2";
    f.url = "https://rfc.example/6749";
    f.event = 7;
    return f;
}

inline tollgate::control::finding warned_finding() {
    tollgate::control::finding f = bad_finding();
    f.id = "state.sent";
    f.level = tollgate::control::finding_level::should;
    f.status = tollgate::control::finding_status::warning;
    f.text = "The login sent no state.";
    f.clause = "RFC 6749 §10.12";
    f.event = 3;
    return f;
}

inline tollgate::control::finding kept_finding() {
    tollgate::control::finding f = bad_finding();
    f.id = "pkce.s256";
    f.status = tollgate::control::finding_status::pass;
    f.text = "The login used PKCE with S256.";
    f.event = 0;
    return f;
}

inline tollgate::control::finding open_finding() {
    tollgate::control::finding f = kept_finding();
    f.id = "dpop.jti";
    f.status = tollgate::control::finding_status::not_reached;
    f.text = "No DPoP proof was sent yet.";
    return f;
}

inline tollgate::control::finding of_fault() {
    tollgate::control::finding f = kept_finding();
    f.id = "fault.token.slow";
    f.level = tollgate::control::finding_level::should;
    f.by = tollgate::control::finding_by::injected;
    f.text = "tollgate did this 1 time.";
    f.clause = "";
    f.url = "";
    f.event = 2;
    return f;
}

}  // namespace test
