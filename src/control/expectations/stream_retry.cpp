// stream_retry: a client comes back to a stream that ended after as long as the stream had said
// (SEP-1699).
#include "control/expectations/predicates.hpp"

namespace tollgate::control::predicates {

namespace {

class stream_retry final : public predicate {
public:
    stream_retry(pattern of, milliseconds least, milliseconds most)
        : of_(std::move(of)), least_(least), most_(most) {}

    answer judge(conversation const& c, moment const& m) const override {
        observation const* ended = nullptr;
        for (auto const& o : c.all()) {
            if (o.what().type == event_type::stream && is_end_of_ours(c, o)) ended = &o;
            bool const back = ended && o.is_exchange() && o.method == "GET" &&
                              o.endpoint() == "mcp" && o.arrived() >= ended->what().time;
            if (!back) continue;
            auto const waited = o.arrived() - ended->what().time;
            bool const right = waited >= least_ && waited <= most_;
            return {right ? answer::kind::holds : answer::kind::broken, &o};
        }
        // Who does not come back is late for nothing.
        if (ended == nullptr || m.done) return {};
        return {answer::kind::waiting, ended};
    }
    bool waits() const noexcept override { return true; }

private:
    // The end of a stream that `of` is about.
    bool is_end_of_ours(conversation const& c, observation const& o) const {
        if (o.what().outcome != "ended" && o.what().outcome != "cut") return false;
        for (auto const* e : c.exchanges())
            if (e->seq() == o.what().of) return of_.matches(*e);
        return false;
    }

    pattern of_;
    milliseconds least_;
    milliseconds most_;
};

}  // namespace

predicate_ptr read_stream_retry(object_reader& in) {
    constexpr std::int64_t longest = 3'600'000;
    auto of = read_pattern(in.need("of", "a pattern"), "of");
    auto const least = in.integer("least_ms", 0, longest).value_or(0);
    auto const most = in.integer("most_ms", 0, longest).value_or(longest);
    if (least > most) in.fail("most_ms", "is less than least_ms: no time fits both");
    return std::make_shared<stream_retry>(std::move(of), milliseconds(least), milliseconds(most));
}

}  // namespace tollgate::control::predicates
