add_suite(job_tests LABEL unit LAYERS tracking_job fmt::fmt Boost::json
  SOURCES
    support/sample_report.cpp
    unit/command_table_test.cpp
    unit/csv_report_test.cpp
    unit/exit_code_test.cpp
    unit/heartbeat_test.cpp
    unit/html_report_test.cpp
    unit/json_lines_test.cpp
    unit/json_report_test.cpp
    unit/log_test.cpp
    unit/masking_test.cpp
    unit/metrics_test.cpp
    unit/markdown_report_test.cpp
    unit/report_file_test.cpp
    unit/retrier_test.cpp
    unit/terminal_test.cpp
    unit/text_page_test.cpp
    unit/text_report_test.cpp)
# Debian's own Python, for which python3-jsonschema is installed; another may come first in PATH.
target_compile_definitions(job_tests PRIVATE
  PYTHON="/usr/bin/python3"
  PAGE_EXAMINER="${PROJECT_SOURCE_DIR}/tests/support/examine_page.py"
  REPORT_SCHEMA="${PROJECT_SOURCE_DIR}/job/report.schema.json")
