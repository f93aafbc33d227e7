// For engine-level code only (full text): something to register on every SQLite connection before its first statement.
#pragma once

#include <functional>

struct sqlite3;

namespace propolis::store::sqlite {

// Register before the first store is opened; hooks stay for the life of the program. A hook throws EngineFailure when
// it cannot do its work, and the connection is refused.
void OnConnect(std::function<void(sqlite3*)> hook);
void RunConnectHooks(sqlite3* database);

}  // namespace propolis::store::sqlite
