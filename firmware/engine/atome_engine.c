#include "atome_engine.h"
