/* SPDX-License-Identifier: Apache-2.0 */
#include "shim/socket/above.h"

const struct shim_above *shim_above;
