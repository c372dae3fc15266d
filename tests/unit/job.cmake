add_suite(job_tests LABEL unit LAYERS tracking_job fmt::fmt Boost::json
  SOURCES
    support/reports/sample_report.cpp
    unit/job/command_table_test.cpp
    unit/job/csv_report_test.cpp
    unit/job/doubt_test.cpp
    unit/job/ending_test.cpp
    unit/job/heartbeat_test.cpp
    unit/job/html_report_test.cpp
    unit/job/json_lines_test.cpp
    unit/job/json_report_test.cpp
    unit/job/log_test.cpp
    unit/job/masking_test.cpp
    unit/job/metrics_test.cpp
    unit/job/markdown_report_test.cpp
    unit/job/notify_test.cpp
    unit/job/repeated_options_test.cpp
    unit/job/report_file_test.cpp
    unit/job/retrier_test.cpp
    unit/job/terminal_test.cpp
    unit/job/text_page_test.cpp
    unit/job/text_report_test.cpp
    unit/reference/configuration_test.cpp
    unit/reference/pages_test.cpp
    unit/reference/report_schema_test.cpp
    unit/reference/written_text.cpp)
# Debian's own Python, for which python3-jsonschema is installed; another may come first in PATH.
target_compile_definitions(job_tests PRIVATE
  PYTHON="/usr/bin/python3"
  JSON_VALIDATOR="${PROJECT_SOURCE_DIR}/tests/support/reports/validate_json.py"
  REPOSITORY="${PROJECT_SOURCE_DIR}"
  PAGE_EXAMINER="${PROJECT_SOURCE_DIR}/tests/support/reports/examine_page.py"
  PAGE_TICKER="${PROJECT_SOURCE_DIR}/tests/support/reports/tick_items.py"
  CHROMIUM="/usr/bin/chromium"
  REPORT_SCHEMA="${PROJECT_SOURCE_DIR}/job/forms/report.schema.json")
