// The compiled part of Boost.JSON, in a release (CMakeLists.txt).
#include <boost/json/src.hpp>
