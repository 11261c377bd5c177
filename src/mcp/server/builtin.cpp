#include "mcp/server/builtin.hpp"

#include <vector>

#include "mcp/offerings/exam/exam.hpp"
#include "mcp/offerings/fixtures/fixtures.hpp"

namespace tollgate::mcp {

namespace {

// The first one takes no arguments: there are clients that try a server by calling it.
std::vector<tool const*> all_tools() {
    std::vector<tool const*> all{&whoami,          &echo, &echo_tool, &add, &needs_scope,
                                 &show_auth_token, &slow};
    for (auto const& group :
         {exam_tools(), content_fixtures(), notice_fixtures(), asking_fixtures(),
          round_trip_fixtures(), task_fixtures(), modern_fixtures()})
        all.insert(all.end(), group.begin(), group.end());
    return all;
}

std::vector<tool const*> all_tools_and(tool const& one) {
    auto all = all_tools();
    all.push_back(&one);
    return all;
}

}  // namespace

toolbox const& builtin_tools() {
    static toolbox const box(all_tools());
    return box;
}

toolbox const& tools_with_authenticated_request() {
    static toolbox const box(all_tools_and(make_authenticated_request));
    return box;
}

toolbox const& tools_with_request_by_login() {
    static toolbox const box(all_tools_and(make_authenticated_request_by_login));
    return box;
}

prompt_book const& builtin_prompts() {
    static constexpr prompt const* all[] = {&greet,
                                            &exam_prompt,
                                            &simple_prompt_fixture,
                                            &arguments_prompt_fixture,
                                            &resource_prompt_fixture,
                                            &image_prompt_fixture,
                                            &asking_prompt_fixture};
    static prompt_book const book(all);
    return book;
}

resource_book const& builtin_resources() {
    static constexpr resource const* resources[] = {&whoami_resource,       &text_resource,
                                                    &image_resource,        &static_text_fixture,
                                                    &static_binary_fixture, &watched_fixture};
    static constexpr resource_template const* templates[] = {&greeting_template, &template_fixture};
    static resource_book const book(resources, templates);
    return book;
}

}  // namespace tollgate::mcp
