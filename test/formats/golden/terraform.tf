# Written by dynamox

import {
  to = aws_dynamodb_table.shop_orders_dev_1
  id = "shop.Orders-dev_1"
}

data "aws_kms_key" "shop_orders_dev_1" {
  key_id = "alias/shop"
}

# key_schema needs a recent version 6 of the AWS provider
resource "aws_dynamodb_table" "shop_orders_dev_1" {
  name                        = "shop.Orders-dev_1"
  billing_mode                = "PROVISIONED"
  read_capacity               = 3
  write_capacity              = 4
  hash_key                    = "customer#id"
  range_key                   = "placed at"
  table_class                 = "STANDARD_INFREQUENT_ACCESS"
  stream_enabled              = true
  stream_view_type            = "NEW_IMAGE"
  deletion_protection_enabled = true

  attribute {
    name = "customer#id"
    type = "S"
  }

  attribute {
    name = "placed at"
    type = "N"
  }

  attribute {
    name = "total"
    type = "N"
  }

  attribute {
    name = "it's"
    type = "S"
  }

  attribute {
    name = "tenant"
    type = "S"
  }

  attribute {
    name = "state"
    type = "B"
  }

  attribute {
    name = "y"
    type = "N"
  }

  global_secondary_index {
    name               = "by-email"
    hash_key           = "it's"
    projection_type    = "INCLUDE"
    non_key_attributes = ["a|b", "`c`", "\\n"]
    read_capacity      = 5
    write_capacity     = 5
  }

  global_secondary_index {
    name            = "by-several"
    projection_type = "ALL"
    read_capacity   = 6
    write_capacity  = 7

    key_schema {
      attribute_name = "tenant"
      key_type       = "HASH"
    }

    key_schema {
      attribute_name = "state"
      key_type       = "HASH"
    }

    key_schema {
      attribute_name = "customer#id"
      key_type       = "RANGE"
    }

    key_schema {
      attribute_name = "y"
      key_type       = "RANGE"
    }

    warm_throughput {
      write_units_per_second = 8
    }
  }

  local_secondary_index {
    name            = "by-total"
    range_key       = "total"
    projection_type = "KEYS_ONLY"
  }

  warm_throughput {
    read_units_per_second = 13000
  }

  ttl {
    attribute_name = "expires\"at$${now}"
    enabled        = true
  }

  point_in_time_recovery {
    enabled                 = true
    recovery_period_in_days = 7
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = data.aws_kms_key.shop_orders_dev_1.arn
  }

  tags = {
    team  = "on"
    cost  = "0123"
    "a b" = ""
    when  = "2024-01-01"
    zero  = "=0"
  }
}

resource "aws_dynamodb_resource_policy" "shop_orders_dev_1" {
  resource_arn = aws_dynamodb_table.shop_orders_dev_1.arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "Read"
        Effect = "Allow"
        Principal = {
          AWS = "arn:aws:iam::123456789012:root"
        }
        Action   = ["dynamodb:GetItem", "dynamodb:Query"]
        Resource = "*"
        Condition = {
          StringEquals = {
            "aws:PrincipalTag/a b" = "it's $${not} \"a\" %%{template}"
          }
        }
      },
    ]
  })
}

import {
  to = aws_dynamodb_kinesis_streaming_destination.shop_orders_dev_1
  id = "shop.Orders-dev_1,arn:aws:kinesis:eu-west-1:123456789012:stream/changes"
}

resource "aws_dynamodb_kinesis_streaming_destination" "shop_orders_dev_1" {
  table_name                               = aws_dynamodb_table.shop_orders_dev_1.name
  stream_arn                               = "arn:aws:kinesis:eu-west-1:123456789012:stream/changes"
  approximate_creation_date_time_precision = "MICROSECOND"
}

resource "aws_dynamodb_contributor_insights" "shop_orders_dev_1" {
  table_name = aws_dynamodb_table.shop_orders_dev_1.name
  mode       = "THROTTLED_KEYS"
}

resource "aws_dynamodb_contributor_insights" "shop_orders_dev_1_index_1" {
  table_name = aws_dynamodb_table.shop_orders_dev_1.name
  index_name = "by-email"
}

import {
  to = aws_dynamodb_table.off
  id = "off"
}

resource "aws_dynamodb_table" "off" {
  name                        = "off"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "id"
  stream_enabled              = false
  deletion_protection_enabled = false
  tags                        = {}

  attribute {
    name = "id"
    type = "B"
  }

  attribute {
    name = "x"
    type = "S"
  }

  global_secondary_index {
    name            = "by-x"
    hash_key        = "x"
    range_key       = "id"
    projection_type = "ALL"

    on_demand_throughput {
      max_write_request_units = 5
    }

    warm_throughput {
      read_units_per_second = 12000
    }
  }

  on_demand_throughput {
    max_read_request_units = 10
  }

  ttl {
    enabled = false
  }

  point_in_time_recovery {
    enabled = false
  }
}

import {
  to = aws_dynamodb_table.table_3d_files
  id = "3d-files"
}

resource "aws_dynamodb_table" "table_3d_files" {
  name         = "3d-files"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }

  tags = {
    a = "b"
  }
}

import {
  to = aws_dynamodb_table.off_2
  id = "Off"
}

# not written, since this format has no place for it: VectorThings
resource "aws_dynamodb_table" "off_2" {
  name         = "Off"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }

  server_side_encryption {
    enabled = true
  }
}

import {
  to = aws_dynamodb_table.documents
  id = "documents"
}

# not written, since the AWS provider has no vector indexes: by-meaning, by-picture
resource "aws_dynamodb_table" "documents" {
  name         = "documents"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }
}

import {
  to = aws_dynamodb_table.everywhere
  id = "everywhere"
}

# not written, since a replica block has no place for it: tableClass, tags, contributorInsights, maxReadUnits, globalIndexes, the days of pointInTimeRecovery in us-east-1
resource "aws_dynamodb_table" "everywhere" {
  name             = "everywhere"
  billing_mode     = "PAY_PER_REQUEST"
  hash_key         = "id"
  range_key        = "at"
  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"

  attribute {
    name = "id"
    type = "S"
  }

  attribute {
    name = "at"
    type = "N"
  }

  attribute {
    name = "y"
    type = "S"
  }

  attribute {
    name = "x"
    type = "S"
  }

  global_secondary_index {
    name            = "by-x"
    hash_key        = "x"
    projection_type = "ALL"

    on_demand_throughput {
      max_read_request_units  = 5
      max_write_request_units = 6
    }
  }

  local_secondary_index {
    name            = "by-y"
    range_key       = "y"
    projection_type = "ALL"
  }

  on_demand_throughput {
    max_read_request_units  = 7
    max_write_request_units = 8
  }

  ttl {
    attribute_name = "until"
    enabled        = true
  }

  point_in_time_recovery {
    enabled = true
  }

  replica {
    region_name = "eu-central-1"
  }

  replica {
    region_name                 = "us-east-1"
    point_in_time_recovery      = true
    deletion_protection_enabled = true
  }

  server_side_encryption {
    enabled = true
  }

  tags = {
    team = "shop"
  }
}

resource "aws_dynamodb_contributor_insights" "everywhere_index_1" {
  table_name = aws_dynamodb_table.everywhere.name
  index_name = "by-x"
}
