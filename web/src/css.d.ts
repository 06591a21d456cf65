// SPDX-License-Identifier: Apache-2.0
// Stylesheets are bundled by being named.
declare module '*.css';
