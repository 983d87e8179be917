// libpqxx 6.4 asks a connection for its encoding before it owns the result of a statement: where
// the connection has just died that throws, and the result, some 200 bytes, is nobody's. Seen by
// LeakSanitizer in tests that kill connections, who asks here what to leave out.

extern "C" char const* __lsan_default_suppressions();  // NOLINT(bugprone-reserved-identifier)

extern "C" char const* __lsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier)
    return "leak:PQmakeEmptyPGresult\n";
}
