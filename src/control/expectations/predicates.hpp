// Readers of the predicates, one a row.
#pragma once

#include <memory>

#include "control/expectations/expectation.hpp"
#include "control/expectations/pattern.hpp"

namespace tollgate::control::predicates {

using predicate_ptr = std::shared_ptr<predicate const>;

// How often.
predicate_ptr read_count(object_reader& in);    // {of, least?, most?, after?, before?}
predicate_ptr read_never(object_reader& in);    // {of, after?, before?}
predicate_ptr read_between(object_reader& in);  // {of, marks, most}: between two marks
// In which order, and how soon.
predicate_ptr read_order(object_reader& in);   // {first, then}
predicate_ptr read_after(object_reader& in);   // {each, then}: each is followed by one
predicate_ptr read_within(object_reader& in);  // {first, then, seconds}
// With which values.
predicate_ptr read_equal(object_reader& in);     // {of, member}: all the same
predicate_ptr read_differ(object_reader& in);    // {of, member}: no two the same
predicate_ptr read_same(object_reader& in);      // {of, member, as, as_member, exact?, none?}
predicate_ptr read_contains(object_reader& in);  // {of, member, words}
// Of each event, one after another.
predicate_ptr read_every(object_reader& in);  // {of, fits, nth?}: each of them fits, too
predicate_ptr read_words(object_reader& in);  // {of, member, all?, none?, nth?}: of a list of words
predicate_ptr read_shape(object_reader& in);  // {of, member, as}: how a value is written
predicate_ptr read_resource_told(object_reader& in);  // {}: as the metadata name it
predicate_ptr read_pkce(object_reader& in);           // {}: verifiers are those of the challenges
// Of what messages say, and headers with them (messages.cpp).
predicate_ptr read_typed(object_reader& in);             // {of, members, nth?}
predicate_ptr read_of_revision(object_reader& in);       // {of}: of the form of its revision
predicate_ptr read_equals(object_reader& in);            // {of, member, to}
predicate_ptr read_standard_headers(object_reader& in);  // {of}
predicate_ptr read_param_headers(object_reader& in);     // {of, headers?, absent?, any?}
predicate_ptr read_stream_retry(object_reader& in);      // {of, least_ms, most_ms}
predicate_ptr read_assertion(object_reader& in);         // {of, is}: of assertions of RFC 7523
predicate_ptr read_as_change(object_reader& in);         // {what}: at another authorization server

}  // namespace tollgate::control::predicates
