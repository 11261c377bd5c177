// A configuration file in a folder of its own, and what load_config says about it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "config/config.hpp"

namespace tollgate::test {

class config_folder {
public:
    config_folder() {
        std::string name = (std::filesystem::temp_directory_path() / "tollgate-XXXXXX").string();
        if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
        path_ = name;
    }
    ~config_folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    config_folder(config_folder const&) = delete;
    config_folder& operator=(config_folder const&) = delete;

    // Returns the full name of the file.
    std::string write(std::string const& name, std::string const& text) const {
        auto const file = path_ / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file) << text;
        return file.string();
    }
    std::string path() const { return path_.string(); }
    // `text` without the folder's own name, which differs from run to run.
    std::string without_folder(std::string text) const {
        auto const folder = path() + '/';
        for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder))
            text.erase(at, folder.size());
        return text;
    }

private:
    std::filesystem::path path_;
};

struct sources {
    std::string toml = {};
    std::vector<std::string> sets = {};
    std::map<std::string, std::string> environment = {};
};

inline config load(sources const& from) {
    config_folder const folder;
    return load_config({folder.write("config.toml", from.toml), from.sets, from.environment});
}

// What is wrong with it; "" when it loads.
inline std::string mistakes(sources const& from) {
    config_folder const folder;
    auto const file = folder.write("config.toml", from.toml);
    try {
        load_config({file, from.sets, from.environment});
    } catch (config_error const& e) {
        return folder.without_folder(e.what());
    }
    return "";
}

}  // namespace tollgate::test
