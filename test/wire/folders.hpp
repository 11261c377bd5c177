// Where the transcripts are.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace test::wire {

// In order of their names. Both throw std::runtime_error where there is none, and
// transcripts_of where there is anything else, which nobody would play.
std::vector<std::filesystem::path> folders_of(std::filesystem::path const& where);
std::vector<std::filesystem::path> transcripts_of(std::filesystem::path const& folder);
std::string text_of(std::filesystem::path const& file);

}  // namespace test::wire
