// The prompt that a person picks to have the exam run.
#include "mcp/offerings/exam/exam.hpp"
#include "mcp/protocol/content.hpp"

namespace tollgate::mcp {

namespace {

task<outcome<prompt_result>> get_exam(call const& c, prompt_arguments const&) {
    prompt_result r(c);
    r.add(text_block(
        "Run the exam. Call the tool run_exam with {}, do what its result says, and go on with "
        "next_station and exam_task until a result says that the exam is over. Go on with "
        "next_station when exam_task fails, and make next_station once more when it fails. Then "
        "tell me what the last result says, with its link.",
        c.memory));
    co_return r;
}

}  // namespace

prompt const exam_prompt{
    .name = "run_exam",
    .title = "Run the exam",
    .description = "Takes this client through the exam and tells how it went.",
    .available = in_exam,
    .get = &get_exam,
};

}  // namespace tollgate::mcp
