#include "wire/folders.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace test::wire {

namespace fs = std::filesystem;

std::vector<fs::path> folders_of(fs::path const& where) {
    std::vector<fs::path> folders;
    for (auto const& entry : fs::directory_iterator(where))
        // Faults are played by test/clients/faults.test.mjs.
        if (entry.is_directory() && entry.path().filename() != "faults")
            folders.push_back(entry.path());
    if (folders.empty()) throw std::runtime_error("no folders in " + where.string());
    std::ranges::sort(folders);
    return folders;
}

std::vector<fs::path> transcripts_of(fs::path const& folder) {
    std::vector<fs::path> files;
    for (auto const& entry : fs::directory_iterator(folder)) {
        if (entry.path().extension() != ".http")
            throw std::runtime_error("not a transcript: " + entry.path().string());
        files.push_back(entry.path());
    }
    if (files.empty()) throw std::runtime_error("no transcript in " + folder.string());
    std::ranges::sort(files);
    return files;
}

std::string text_of(fs::path const& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace test::wire
