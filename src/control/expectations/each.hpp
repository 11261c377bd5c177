// Each: predicates that judge every event of a kind, one after another.
#pragma once

#include "control/expectations/predicates.hpp"

namespace tollgate::control::predicates {

// Judges each event that `of` is about, or the nth of them alone.
class each : public predicate {
public:
    // `nth`: 0 for all of them.
    each(pattern of, std::size_t nth) : of_(std::move(of)), nth_(nth) {}

    answer judge(conversation const& c, moment const& m) const override;
    bool waits() const noexcept override { return true; }

protected:
    virtual bool fine(observation const& o) const = 0;

private:
    pattern of_;
    std::size_t nth_;
};

// The members "nth", and `name`, which must be a member of an event. Mistakes are told to `in`.
std::size_t read_nth(object_reader& in);
std::string read_member_of(object_reader& in, std::string_view name);

}  // namespace tollgate::control::predicates
