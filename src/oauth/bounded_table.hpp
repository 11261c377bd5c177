#pragma once

#include "http/bounded_table.hpp"

namespace tollgate::oauth {

using http::bounded_table;

}  // namespace tollgate::oauth
