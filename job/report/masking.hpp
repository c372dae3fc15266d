#pragma once

#include "job/report/report.hpp"

#include "config/settings/config.hpp"

namespace tracking::job {

// Personal data are people's names and e-mail addresses. The names of tenants and companies are the
// report's subject and stay in it; the log has ids only.

/// Stands for a file: nobody's terminal.
inline constexpr int kNoTerminal = -1;

/// Whether reports that are written to `fd` go out masked.
bool wants_masking(config::PersonalData handling, int fd);

/// People's names, and addresses in whatever field they stand.
void mask_personal_data(Report& report);

}  // namespace tracking::job
