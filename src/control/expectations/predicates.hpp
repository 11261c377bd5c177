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
predicate_ptr read_same(object_reader& in);      // {of, member, as, as_member}
predicate_ptr read_contains(object_reader& in);  // {of, member, words}

}  // namespace tollgate::control::predicates
