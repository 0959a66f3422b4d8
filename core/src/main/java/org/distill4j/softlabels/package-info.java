/** What a teacher said about every example, kept in one file. */
package org.distill4j.softlabels;
