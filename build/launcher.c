// Goes on as the executable beside this one that is compiled for the processor's vector instructions: NAME-x86-64-v4, NAME-x86-64-v3 or NAME-x86-64-v2.
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *level(void)
{
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") || !__builtin_cpu_supports("bmi") || !__builtin_cpu_supports("bmi2"))
        return "-x86-64-v2";

    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") ? "-x86-64-v4" : "-x86-64-v3";
}

int main(int count, char **arguments)
{
    (void)count;
    const char *suffix = level();
    char path[PATH_MAX + 16];
    ssize_t length = readlink("/proc/self/exe", path, PATH_MAX);
    if (length > 0)
    {
        memcpy(path + length, suffix, strlen(suffix) + 1);
        execv(path, arguments);
    }

    fprintf(stderr, "%s: the program for this processor (%s beside this one) cannot be started: %s\n", arguments[0], suffix, strerror(errno));
    return 1;
}
