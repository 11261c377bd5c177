// Moved routes of the authorization server: each row at the path that the configuration gives it.
#pragma once

#include <span>

#include "http/pipeline/router.hpp"
#include "http/realm/endpoint_paths.hpp"

namespace tollgate::http {

// The paths of `rows` are the usual ones.
template <class Service>
void add_moved(router& table, Service& shared, std::span<route<Service> const> rows,
               endpoint_paths const& paths) {
    for (auto row : rows) {
        auto const path = paths.moved(row.path);
        row.path = path;
        table.add(shared, std::span<route<Service> const>(&row, 1));
    }
}

}  // namespace tollgate::http
