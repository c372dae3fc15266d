add_suite(job_tests LABEL unit LAYERS tracking_job fmt::fmt Boost::json
  SOURCES
    support/sample_report.cpp
    unit/json_report_test.cpp
    unit/log_test.cpp
    unit/masking_test.cpp
    unit/metrics_test.cpp
    unit/report_file_test.cpp
    unit/terminal_test.cpp
    unit/text_page_test.cpp
    unit/text_report_test.cpp)
# Debian's own Python, for which python3-jsonschema is installed; another may come first in PATH.
target_compile_definitions(job_tests PRIVATE
  PYTHON="/usr/bin/python3"
  REPORT_SCHEMA="${PROJECT_SOURCE_DIR}/job/report.schema.json")
