/** What several commands take and print alike. */
package org.distill4j.cli.options;
