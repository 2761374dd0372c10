/* The library opened at run time. Arguments: its path. */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "layerpeeled.h"

int main(int argc, char **argv) {
    void *library = argc > 1 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
    int32_t (*abi)(void);
    int32_t (*threshold)(int32_t, int32_t, double, lp_threshold *);
    const char *(*error)(void);
    lp_threshold at;

    if (!library) {
        printf("%s\n", dlerror());
        return 1;
    }
    *(void **)&abi = dlsym(library, "lp_abi_version");
    *(void **)&threshold = dlsym(library, "lp_threshold_at");
    *(void **)&error = dlsym(library, "lp_last_error");
    if (!abi || !threshold || !error || abi() != LP_ABI_VERSION) {
        printf("not the library\n");
        return 1;
    }
    memset(&at, 0, sizeof at);
    at.struct_size = sizeof at;
    if (threshold(5, 5, 5, &at) != LP_OK) {
        printf("%s\n", error());
        return 1;
    }
    printf("R_0 = %.10f\n", at.ratio);
    return 0;
}
