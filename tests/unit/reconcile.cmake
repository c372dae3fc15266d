# Links neither libpqxx nor the models that need it: GoogleTest is enough.
add_suite(reconcile_tests LABEL unit LAYERS tracking_reconcile
  SOURCES
    support/random_world.cpp
    support/reconcile_builders.cpp
    support/reconcile_world.cpp
    unit/apply_test.cpp
    unit/candidates_test.cpp
    unit/diff_anomaly_test.cpp
    unit/diff_cleanup_test.cpp
    unit/diff_contact_test.cpp
    unit/diff_test.cpp
    unit/match_test.cpp
    unit/merge_test.cpp
    unit/guards_test.cpp
    unit/plan_file_test.cpp
    unit/policy_test.cpp
    unit/random_worlds_test.cpp
    unit/rehearsal_test.cpp
    unit/undo_plan_test.cpp
    unit/undo_rest_test.cpp
    unit/undoable_test.cpp)
