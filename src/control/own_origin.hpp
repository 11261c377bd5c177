// Own origin: the authorization server's port that a realm has to itself. Hangs on the realm.
#pragma once

namespace tollgate::control {

struct own_origin {
    unsigned short as_port = 0;  // 0: it has none
};

}  // namespace tollgate::control
