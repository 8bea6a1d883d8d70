# What find_package(@name@) reads: the target @name@::@name@.
include("${CMAKE_CURRENT_LIST_DIR}/@name@-targets.cmake")
