// libcurl for Swift: `curl_easy_setopt` is variadic, which Swift cannot call, so each argument type
// gets a static inline wrapper here.
#pragma once
#include <curl/curl.h>
