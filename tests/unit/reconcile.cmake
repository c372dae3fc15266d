# Links neither libpqxx nor the models that need it: GoogleTest is enough.
add_suite(reconcile_tests LABEL unit LAYERS tracking_reconcile
  SOURCES
    support/worlds/random_world.cpp
    support/worlds/reconcile_builders.cpp
    support/worlds/reconcile_world.cpp
    unit/reconcile/admins_test.cpp
    unit/reconcile/apply_test.cpp
    unit/reconcile/candidates_test.cpp
    unit/reconcile/decide_test.cpp
    unit/reconcile/diff_anomaly_test.cpp
    unit/reconcile/diff_cleanup_test.cpp
    unit/reconcile/diff_contact_test.cpp
    unit/reconcile/diff_test.cpp
    unit/reconcile/match_test.cpp
    unit/reconcile/merge_test.cpp
    unit/reconcile/group_test.cpp
    unit/reconcile/guards_test.cpp
    unit/reconcile/people_test.cpp
    unit/reconcile/plan_file_test.cpp
    unit/reconcile/plan_shape_test.cpp
    unit/reconcile/policy_test.cpp
    unit/reconcile/random_worlds_test.cpp
    unit/reconcile/rehearsal_test.cpp
    unit/reconcile/undo_plan_test.cpp
    unit/reconcile/undo_properties_test.cpp
    unit/reconcile/undo_rest_test.cpp
    unit/reconcile/undoable_test.cpp)
