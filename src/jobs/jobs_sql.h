// Row mapping shared inside src/jobs.
#pragma once

#include "jobs/jobs.h"

namespace propolis::jobs {

// Columns id, kind, key, run_at, attempts, payload.
Job RowToJob(const store::Row& row);

}  // namespace propolis::jobs
