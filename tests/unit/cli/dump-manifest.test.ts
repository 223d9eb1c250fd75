/** What the first lines of a dump say of it, as each program writes them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeHeader } from '../../../cli/dump-manifest/read-dump.ts';

test('mysqldump', () => {
  const text = '-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)\n--\n-- Host: 10.0.0.1    Database: crm\n-- ------\n-- Server version\t5.7.44-log\n\n/*!40101 SET NAMES utf8 */;\n';
  assert.deepEqual(describeHeader(text), { tool: 'MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)', database: 'crm', sourceVersion: '5.7.44-log', collation: undefined });
});

test('mysqldump --databases', () => {
  const text = '-- MySQL dump 10.13\n-- Host: localhost    Database: \n-- Server version\t8.0.36\n\nCREATE DATABASE /*!32312 IF NOT EXISTS*/ `a``b` /*!40100 DEFAULT CHARACTER SET latin1 COLLATE latin1_german1_ci */;\n\nUSE `a``b`;\n';
  const { tool, ...said } = describeHeader(text);
  assert.equal(tool, 'MySQL dump 10.13');
  assert.deepEqual(said, { database: 'a`b', sourceVersion: '8.0.36', collation: 'latin1_german1_ci' });
});

test("MariaDB's dump", () => {
  const text = '/*M!999999\\- enable the sandbox mode */ \n-- MariaDB dump 10.19  Distrib 10.11.6-MariaDB, for debian-linux-gnu (x86_64)\n--\n-- Host: localhost    Database: crm\n-- Server version\t10.11.6-MariaDB-0+deb12u1\n';
  const { database, sourceVersion } = describeHeader(text);
  assert.deepEqual({ database, sourceVersion }, { database: 'crm', sourceVersion: '10.11.6-MariaDB-0+deb12u1' });
});

test('phpMyAdmin, HeidiSQL and Adminer', () => {
  const of = (text: string): readonly (string | undefined)[] => [describeHeader(text).database, describeHeader(text).sourceVersion];
  assert.deepEqual(of('-- phpMyAdmin SQL Dump\n-- version 5.2.1\n-- Host: localhost\n-- Server version: 8.0.36\n-- PHP Version: 8\n\n-- Database: `crm`\n'), ['crm', '8.0.36']);
  assert.deepEqual(of('-- Host:      127.0.0.1\n-- Server version:               5.6.51-log - MySQL Community\n-- HeidiSQL Version:   12.6\nUSE `crm`;\n'), ['crm', '5.6.51-log']);
  assert.deepEqual(of("-- Adminer 4.8.1 MySQL 8.0.36 dump\n\nSET NAMES utf8;\n"), [undefined, '8.0.36']);
});
