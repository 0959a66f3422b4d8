/** What else an example could look like: seeded views of the data. */
package org.distill4j.views;
