package dev.rookery.web;

/**
 * What every page has.
 *
 * @param nonce lets the page's own style through its content security policy
 */
record Frame(String title, String nonce) {}
