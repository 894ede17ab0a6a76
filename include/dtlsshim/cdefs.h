/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cdefs.h - what lets the other headers be read as C and as C++
 *
 * Functions have C names in both languages.  C can say how long an array parameter is at
 * least, and compilers warn about shorter ones; C++ has no words for that and sees a pointer.
 */
#ifndef DTLSSHIM_CDEFS_H
#define DTLSSHIM_CDEFS_H

#ifdef __cplusplus
#define DS_BEGIN_DECLS extern "C" {
#define DS_END_DECLS   }
#define DS_AT_LEAST(n)
#else
#define DS_BEGIN_DECLS
#define DS_END_DECLS
#define DS_AT_LEAST(n) static n
#endif

#endif
