#pragma once

#include "job/report/report.hpp"

#include "config/settings/config.hpp"

namespace tracking::job {

// Personal data are people's names and e-mail addresses. Reports are about tenants and companies,
// so their names stay. The log holds ids only.

/// In place of a descriptor: a file, which is no terminal.
inline constexpr int kNoTerminal = -1;

/// Whether personal data are masked in reports that go to `fd`.
bool wants_masking(config::PersonalData handling, int fd);

/// Masks people's names, and e-mail addresses in every field.
void mask_personal_data(Report& report);

}  // namespace tracking::job
