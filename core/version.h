/* SPDX-License-Identifier: MIT */
#ifndef ISO_CORE_VERSION_H
#define ISO_CORE_VERSION_H
#define ISO4_VERSION "0.1.0"
#endif
