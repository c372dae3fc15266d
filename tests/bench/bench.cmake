# The comparison without a database. ./dev bench builds and runs it.
find_package(benchmark REQUIRED)
add_executable(reconcile_benchmarks
  ${PROJECT_SOURCE_DIR}/tests/bench/reconcile_benchmarks.cpp
  ${PROJECT_SOURCE_DIR}/tests/support/worlds/reconcile_builders.cpp)
target_link_libraries(reconcile_benchmarks PRIVATE
  project_flags tracking_reconcile benchmark::benchmark_main)
